package main

import (
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"
)

// credentials finds the user and the password in an argument that holds the
// address of a Neo4j.
var credentials = regexp.MustCompile(`^((?:--[a-z-]+=)?(?:neo4j|bolt)(?:\+s|\+ssc)?://)(.*)@(.*)$`)

// hidePassword keeps a password given in an argument out of the list of
// processes, which any user of the machine can read: the program starts itself
// again in the same process, with the credentials in its environment instead.
// Where the system cannot do that, it goes on as it is.
func hidePassword(args, env []string) {
	clean, found := slices.Clone(args), false
	for i, a := range args {
		parts := credentials.FindStringSubmatch(a)
		if parts == nil {
			continue
		}
		clean[i], found = parts[1]+parts[3], true
		user, password, _ := strings.Cut(parts[2], ":")
		env = slices.DeleteFunc(slices.Clone(env), func(v string) bool {
			return strings.HasPrefix(v, userVar+"=") || strings.HasPrefix(v, passwordVar+"=")
		})
		env = append(env, userVar+"="+unescaped(user), passwordVar+"="+unescaped(password))
	}
	if !found {
		return
	}
	self, err := os.Executable()
	if err != nil {
		return
	}
	_ = syscall.Exec(self, clean, env) //nolint:gosec // it is this program itself
}

// unescaped undoes the %XX of a URL, where there are any.
func unescaped(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}

// unsetEmpty takes a variable that is set to nothing for one that is not set,
// as it is meant in files of settings.
func unsetEmpty(env []string) {
	for _, v := range env {
		if name, value, _ := strings.Cut(v, "="); value == "" && strings.HasPrefix(name, "DRAGNET_") {
			_ = os.Unsetenv(name) // it fails for names that cannot be set
		}
	}
}
