// Every GraphQL-over-HTTP audit of the package graphql-http, those that are only a SHOULD or a MAY too, against the
// Dragnet at DRAGNET_URL (http://127.0.0.1:8080/graphql, say); without it, against bin/dragnet on an empty store.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { serverAudits } from "graphql-http";
import { startProgram } from "../../web/test/program.js";

const program = process.env.DRAGNET_URL ? undefined : await startProgram();
after(() => program?.stop());
const audits = serverAudits({ url: process.env.DRAGNET_URL ?? `${program?.url}/graphql` });

test("no audit is missing", () => assert.equal(audits.length, 61));

for (const audit of audits) {
  test(`${audit.id} ${audit.name}`, async () => {
    const result = await audit.fn();
    assert.equal(result.status, "ok", result.reason);
  });
}
