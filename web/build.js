// Bundles the pages into ../internal/web/dist, from where the Go program embeds and serves them.
// Run with: npm run build
import * as esbuild from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

const here = import.meta.dirname;
const examplesDir = path.join(here, "../internal/web/examples");
const dist = path.join(here, "../internal/web/dist");

/** The example queries in the order of their file names: the tabs that GraphiQL opens with. */
async function readExamples() {
  const names = (await readdir(examplesDir)).filter((name) => name.endsWith(".graphql")).sort();
  return Promise.all(names.map((name) => readFile(path.join(examplesDir, name), "utf8")));
}

/**
 * GraphiQL's style sheet carries its fonts and images as data: URLs. They become files, so that the
 * content security policy can forbid data: URLs and the browser loads only the fonts a page needs.
 * @type {esbuild.Plugin}
 */
const dataUrlsToFiles = {
  name: "data-urls-to-files",
  setup(build) {
    const pattern = /^data:(?:font|image)\/([a-z0-9]+)(?:\+xml)?;base64,(.+)$/s;
    const contents = new Map();
    build.onResolve({ filter: /^data:/ }, (args) => {
      const match = pattern.exec(args.path);
      if (!match) return { errors: [{ text: `data: URL of a kind that is not known here: ${args.path.slice(0, 60)}` }] };
      const bytes = Buffer.from(match[2], "base64");
      const name = `${createHash("sha256").update(bytes).digest("hex")}.${match[1]}`;
      contents.set(name, bytes);
      return { path: name, namespace: "data-url" };
    });
    build.onLoad({ filter: /.*/, namespace: "data-url" }, (args) => ({ contents: contents.get(args.path), loader: "file" }));
  },
};

/** @param {{script: string, style: string}} names */
const html = ({ script, style }) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Dragnet playground</title>
<link rel="icon" href="assets/icon.svg">
<link rel="license" href="assets/licenses.txt">
<link rel="stylesheet" href="assets/${style}">
<script type="module" src="assets/${script}"></script>
</head>
<body>
<div id="graphiql"></div>
<noscript>The playground needs JavaScript. The API itself answers at <code>/graphql</code>.</noscript>
</body>
</html>
`;

/**
 * The licences of every package that went into the bundle: they ask that their text comes with each copy.
 * @param {esbuild.Metafile} metafile
 */
async function licenses(metafile) {
  const folders = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const match = /^node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(input);
    if (match) folders.add(match[0]);
  }
  const texts = [];
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(await readFile(path.join(here, folder, "package.json"), "utf8"));
    const file = (await readdir(path.join(here, folder))).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? (await readFile(path.join(here, folder, file), "utf8")).trim() : "(the package holds no licence text)";
    texts.push(`${name} ${version}, ${license}\n\n${text}\n`);
  }
  texts.push("Fonts that graphiql carries: Roboto, Apache-2.0; Fira Code, SIL Open Font License 1.1.\n");
  return texts.join(`\n${"-".repeat(72)}\n\n`);
}

async function emptyDist() {
  await mkdir(dist, { recursive: true });
  for (const name of await readdir(dist)) {
    if (name !== ".keep") await rm(path.join(dist, name), { recursive: true });
  }
}

await emptyDist();
const result = await esbuild.build({
  entryPoints: [path.join(here, "src/graphiql.tsx")],
  absWorkingDir: here,
  outdir: dist,
  entryNames: "assets/[name]-[hash]",
  assetNames: "assets/graphiql-[hash]",
  bundle: true,
  minify: true,
  keepNames: true, // GraphiQL names its icons, for screen readers, after their functions
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  legalComments: "none",
  metafile: true,
  define: {
    "process.env.NODE_ENV": '"production"',
    EXAMPLES: JSON.stringify(await readExamples()),
  },
  alias: { "react-style-singleton": path.join(here, "src/style-singleton.ts") },
  plugins: [dataUrlsToFiles],
});

const built = Object.entries(result.metafile.outputs).map(([file, output]) => ({ name: path.basename(file), bytes: output.bytes }));
/** @param {string} ext */
const only = (ext) => {
  const found = built.filter(({ name }) => name.endsWith(ext));
  if (found.length !== 1) throw new Error(`expected one ${ext} file, built ${found.length}`);
  return found[0].name;
};
await writeFile(path.join(dist, "graphiql.html"), html({ script: only(".js"), style: only(".css") }));

await writeFile(path.join(dist, "assets/licenses.txt"), await licenses(result.metafile));

const kB = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(0)} kB`;
const shown = built.filter(({ name }) => /\.(js|css)$/.test(name));
const rest = built.filter(({ name }) => !/\.(js|css)$/.test(name));
for (const { name, bytes } of shown) console.log(`${name}  ${kB(bytes)}`);
console.log(`${rest.length} fonts and images  ${kB(rest.reduce((sum, { bytes }) => sum + bytes, 0))}`);
if (process.argv.includes("--analyze")) console.log(await esbuild.analyzeMetafile(result.metafile));
