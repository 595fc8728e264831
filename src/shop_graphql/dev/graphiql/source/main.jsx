// GraphiQL with the shop's walk-through: tabs whose variables and headers take what earlier answers held.
import 'graphiql/setup-workers/vite';
// The style sheets one by one: the one that holds them all brings fonts and the editor's a second time.
import '@graphiql/react/style.css';
import '@graphiql/plugin-history/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import 'graphiql/graphiql.css';
import './page.css';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';

import { createFetcher } from './fetcher.js';

const { endpoint, tabs, version } = JSON.parse(document.getElementById('walk-through').textContent);

// GraphiQL keeps the visitor's tabs. Those of another walk-through than this page's would no longer work; and what
// the editors show at first it takes from what it has kept, not from its tabs.
if (localStorage.getItem('shop:walk-through') !== version) {
  localStorage.removeItem('graphiql:tabState');
  for (const [editor, text] of Object.entries(tabs[0] ?? {})) localStorage.setItem(`graphiql:${editor}`, text);
  localStorage.setItem('shop:walk-through', version);
}

createRoot(document.getElementById('graphiql')).render(
  <GraphiQL
    fetcher={createFetcher(endpoint)}
    defaultTabs={tabs.length ? tabs : undefined}
    shouldPersistHeaders
    defaultEditorToolsVisibility="variables"
  >
    <GraphiQL.Logo>
      <a className="shop-logo" href="/">shop-graphql</a>
    </GraphiQL.Logo>
  </GraphiQL>,
);
