// Opens pages in headless Chromium and keeps a list of everything a clean page does not do.
import { accessSync, constants, mkdirSync } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";

const shots = path.join(import.meta.dirname, "shots");

/** Chromium's path: CHROMIUM, or the first of the usual names on PATH. */
function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    for (const folder of folders) {
      const file = path.join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not here
      }
    }
  }
  throw new Error("no Chromium found: install it, or set CHROMIUM to its path");
}

export function launch() {
  mkdirSync(shots, { recursive: true });
  return chromium.launch({
    executablePath: findChromium(),
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * A fresh profile with one page, whose `faults` lists every console error or warning, uncaught error, breach of
 * the content security policy, failed or refused request, and request to anywhere but origin.
 * @param {import("playwright-core").Browser} browser
 * @param {string} origin
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export async function openPage(browser, origin, options) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: origin, ...options });
  /** @type {string[]} */
  const faults = [];
  await context.exposeFunction("reportBreach", (/** @type {string} */ text) => faults.push(`policy breach: ${text}`));
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      // @ts-expect-error: exposed above
      reportBreach(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`);
    });
  });
  context.on("request", (request) => {
    if (new URL(request.url()).origin !== origin) faults.push(`request to elsewhere: ${request.url()}`);
  });
  context.on("requestfailed", (request) => faults.push(`request failed: ${request.url()} ${request.failure()?.errorText}`));
  context.on("response", (response) => {
    if (response.status() >= 400) faults.push(`answer ${response.status()}: ${response.url()}`);
  });
  context.on("console", (message) => {
    if (["error", "warning", "assert"].includes(message.type())) faults.push(`console ${message.type()}: ${message.text()}`);
  });
  context.on("weberror", (error) => faults.push(`uncaught: ${error.error()}`));
  const page = await context.newPage();
  return { page, faults, close: () => context.close() };
}

/**
 * Saves what the page shows, for people to look at.
 * @param {import("playwright-core").Page} page
 * @param {string} name
 */
export function shoot(page, name) {
  return page.screenshot({ path: path.join(shots, `${name}.png`) });
}
