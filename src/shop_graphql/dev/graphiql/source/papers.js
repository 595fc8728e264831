// What goes into the folder beside the program: the notices that Vite's list of licences lacks, and the checksums of
// all files and of the sources they were made from.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const SOURCES = ['fetcher.js', 'main.jsx', 'package-lock.json', 'package.json', 'page.css', 'papers.js', 'vite.config.js'];
const NOTICES = [
  ['picomatch-browser (in the GraphQL worker)', 'node_modules/picomatch-browser/LICENSE'],
  ['@graphiql/plugin-doc-explorer and @graphiql/plugin-history (published by GraphiQL)', 'node_modules/@graphiql/react/LICENSE'],
  ['Monaco Editor, and what it holds of others', 'node_modules/monaco-editor/ThirdPartyNotices.txt'],
];
const CODICONS =
  'The font codicon is part of Monaco Editor: Copyright (c) Microsoft Corporation, licensed under CC BY 4.0 ' +
  '(https://creativecommons.org/licenses/by/4.0/).\n';

export function papers(folder) {
  return {
    name: 'papers',
    apply: 'build',
    closeBundle() {
      const notices = NOTICES.map(([title, file]) => `${title}\n\n${readFileSync(file, 'utf8').trim()}\n`);
      writeFileSync(join(folder, 'NOTICES.txt'), [CODICONS, ...notices].join(`\n${'='.repeat(80)}\n\n`));
      const built = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== 'SHA256SUMS')
        .map((entry) => join(entry.parentPath, entry.name));
      const lines = [...built, ...SOURCES].sort().map((file) => {
        const name = SOURCES.includes(file) ? join('source', basename(file)) : file.replace('../', '');
        return `${createHash('sha256').update(readFileSync(file)).digest('hex')}  ${name}\n`;
      });
      writeFileSync(join(folder, 'SHA256SUMS'), lines.join(''));
    },
  };
}
