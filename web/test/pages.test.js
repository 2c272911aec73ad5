// Drives the built program with a real browser: the start page and the playground, with the sample data.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, openPage, shoot } from "./browser.js";
import { startProgram } from "./program.js";

const tabTitles = ["WhoIsOpera1er", "WhatNervoneDid", "HowSureIsCyberClean", "OperationsByArrests"];

/** @type {Awaited<ReturnType<typeof startProgram>>} */
let program;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  program = await startProgram();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await program?.stop();
});

/**
 * Opens the playground and waits until it knows the schema.
 * @param {import("playwright-core").Page} page
 */
async function openPlayground(page) {
  const introspection = answerOf(page, "IntrospectionQuery");
  await page.goto("/graphiql");
  const { errors } = await introspection;
  assert.equal(errors, undefined);
}

/**
 * The JSON that the server answers to the named operation when the page next sends it.
 * @param {import("playwright-core").Page} page
 * @param {string} operationName
 */
async function answerOf(page, operationName) {
  const response = await page.waitForResponse(
    (candidate) =>
      new URL(candidate.url()).pathname === "/graphql" && candidate.request().postDataJSON()?.operationName === operationName,
  );
  const request = response.request();
  assert.equal(request.method(), "POST");
  assert.equal(request.headers().accept, "application/graphql-response+json, application/json");
  return response.json();
}

/**
 * Presses the execute button and gives the answer, once the response pane shows it.
 * @param {import("playwright-core").Page} page
 * @param {string} operationName
 */
async function execute(page, operationName) {
  const [answer] = await Promise.all([
    answerOf(page, operationName),
    page.getByRole("button", { name: /^Execute query/ }).click(),
  ]);
  await page.locator(".result-window").getByText('"data"').waitFor();
  return answer;
}

test("the start page says what this is and leads to the playground", async () => {
  const { page, faults, close } = await openPage(browser, program.url);
  await page.goto("/");
  assert.equal(await page.title(), "Dragnet");
  await page.getByText("every fact has its source").waitFor();
  await shoot(page, "start");
  await page.getByRole("link", { name: "Open the playground" }).click();
  await page.waitForURL("/graphiql");
  await page.getByRole("tab").first().waitFor();
  assert.deepEqual(faults, []);
  await close();
});

test("the playground opens with four example queries, and each answers", async () => {
  const { page, faults, close } = await openPage(browser, program.url);
  await openPlayground(page);
  assert.equal(await page.title(), "Dragnet playground");
  const titles = await page.getByRole("tab").locator(".graphiql-tab-button").allTextContents();
  assert.deepEqual(titles, tabTitles);

  for (const title of tabTitles) {
    await page.getByRole("tab", { name: title }).click();
    // GraphiQL takes a moment to notice which operation the editor now holds, and sends the former name until then.
    await page.waitForFunction((name) => localStorage.getItem("graphiql:operationName") === name, title);
    const { data, errors } = await execute(page, title);
    assert.equal(errors, undefined);
    for (const [field, value] of Object.entries(data)) assert.notEqual(value, null, `${title}: ${field} is null`);
    if (title === "WhoIsOpera1er") await page.locator(".result-window").getByText('"OPERA1ER"').first().waitFor();
    assert.equal(await page.locator(".CodeMirror-lint-mark-error").count(), 0, `${title} is not valid in the editor`);
    await shoot(page, title);
  }
  assert.deepEqual(faults, []);
  await close();
});

test("documentation, completion, dialogs and history keep to the content security policy", async () => {
  const { page, faults, close } = await openPage(browser, program.url, { colorScheme: "dark" });
  await openPlayground(page);

  await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
  await page.getByRole("combobox").fill("proceeds");
  await page.getByRole("option").first().getByText("proceeds").waitFor();
  await shoot(page, "documentation-search");
  await page.getByRole("option", { name: "Group.proceeds", exact: true }).click();
  await page.locator(".graphiql-doc-explorer-title").getByText("proceeds").waitFor();
  await shoot(page, "documentation");

  await page.getByRole("button", { name: "Show History" }).click();
  await page.getByText("History", { exact: true }).waitFor();

  await page.getByRole("button", { name: "New tab" }).click();
  await page.locator(".graphiql-query-editor .CodeMirror").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("{ service { ver");
  await page.locator(".CodeMirror-hints").getByText("version").waitFor();
  await shoot(page, "completion");
  await page.keyboard.press("Enter");
  await page.locator(".CodeMirror-hints").waitFor({ state: "detached" });

  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText("query A { service { version } } query B { __typename }");
  await page.locator(".CodeMirror-hints").waitFor({ state: "detached" });
  await page.waitForFunction(() => localStorage.getItem("graphiql:operationName") === "A");
  await page.getByRole("button", { name: /^Execute query/ }).click();
  await page.getByRole("menuitem", { name: "B" }).click();
  await page.locator(".result-window").getByText('"__typename"').waitFor();

  await page.getByRole("button", { name: "Open short keys dialog" }).click();
  await page.getByRole("dialog").getByRole("heading", { name: "Short Keys" }).waitFor();
  await shoot(page, "short-keys");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });

  await page.getByRole("button", { name: "Open settings dialog" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Light" }).click();
  await page.locator("body.graphiql-light").waitFor();
  await shoot(page, "settings");
  assert.deepEqual(faults, []);
  await close();
});

test("the playground follows changes over a WebSocket", async () => {
  const { page, faults, close } = await openPage(browser, program.url);
  await openPlayground(page);
  const revision = await page.evaluate(async () => {
    const answer = await fetch("graphql?query={service{revision}}");
    return (await answer.json()).data.service.revision;
  });
  const epoch = revision.split(".")[0];
  await page.getByRole("button", { name: "New tab" }).click();
  await page.locator(".graphiql-query-editor .CodeMirror").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(`subscription Live { changes(since: "${epoch}.0", ids: ["group:opera1er"]) { revision entity { id name } } }`);
  await page.waitForFunction(() => localStorage.getItem("graphiql:operationName") === "Live");
  const opened = page.waitForEvent("websocket");
  await page.getByRole("button", { name: /^Execute query/ }).click();
  assert.equal(new URL((await opened).url()).pathname, "/graphql");
  await page.locator(".result-window").getByText('"OPERA1ER"').first().waitFor();
  await page.getByRole("button", { name: /^Stop query/ }).click();
  assert.deepEqual(faults, []);
  await close();
});
