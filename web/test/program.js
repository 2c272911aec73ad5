// Starts the built program on an empty store with the sample data, as a person would, on a free port.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const binary = process.env.DRAGNET_BIN ?? path.join(import.meta.dirname, "../../bin/dragnet");
const startWithin = 60_000;
const stopWithin = 10_000;

/** Starts the program and waits until /readyz answers 200. */
export async function startProgram() {
  const folder = await mkdtemp(path.join(tmpdir(), "dragnet-web-"));
  const args = ["serve", "--seed", "--store", `sqlite:${folder}/test.db`, "--listen", "127.0.0.1:0"];
  const child = spawn(binary, args, { cwd: folder, env: environment(), stdio: ["ignore", "ignore", "pipe"] });

  let log = "";
  /** @type {Error | undefined} */
  let ended;
  const exited = new Promise((resolve) => {
    child.once("error", (error) => resolve((ended = error)));
    child.once("exit", (code, signal) => resolve((ended = new Error(`it ended with ${signal ?? `code ${code}`}`))));
  });
  child.stderr.setEncoding("utf8").on("data", (text) => (log += text));

  const stop = async () => {
    child.kill("SIGTERM");
    const killer = setTimeout(() => child.kill("SIGKILL"), stopWithin);
    await exited;
    clearTimeout(killer);
    await rm(folder, { recursive: true, force: true });
  };

  const deadline = Date.now() + startWithin;
  for (let problem = "it has not logged its address"; ; await delay(50)) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(log)?.[0];
    if (url) {
      const ready = await fetch(`${url}/readyz`).catch(() => undefined);
      if (ready?.status === 200) return { url, stop };
      problem = `/readyz answers ${ready?.status ?? "nothing"}`;
    }
    if (ended || Date.now() > deadline) {
      await stop();
      throw new Error(`${binary} does not serve: ${ended?.message ?? problem}\n${log}`);
    }
  }
}

/** The environment without the settings of whoever runs the test. */
function environment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("DRAGNET_")));
}
