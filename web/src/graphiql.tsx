// The playground: GraphiQL on this server's own /graphql, opening with the example queries in tabs.
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import { createRoot } from "react-dom/client";
import "./graphiql.css";

const fetcher = createGraphiQLFetcher({
  url: "graphql", // relative to the page: the server may stand behind a path prefix
  subscriptionUrl: new URL("graphql", location.href).href.replace(/^http/, "ws"),
  headers: { accept: "application/graphql-response+json, application/json" },
  enableIncrementalDelivery: false, // the server has no @defer
});

const tabs = EXAMPLES.map((query) => ({ query }));

createRoot(document.getElementById("graphiql")!).render(
  <GraphiQL fetcher={fetcher} defaultTabs={tabs} shouldPersistHeaders={false}>
    <GraphiQL.Logo>
      <a className="graphiql-logo-link" href="./">
        Dragnet
      </a>
    </GraphiQL.Logo>
  </GraphiQL>,
);
