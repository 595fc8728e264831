import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

import { papers } from './papers.js';

const FOLDER = '../built';

export default defineConfig({
  base: '/graphiql/',
  plugins: [react(), papers(FOLDER)],
  publicDir: false,
  build: {
    outDir: FOLDER,
    emptyOutDir: true,
    // The licences of everything inside are kept beside it.
    license: { fileName: 'LICENSES.md' },
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 10_000,
    rolldownOptions: {
      input: 'main.jsx',
      output: {
        // The page names these two; all others are found through them.
        entryFileNames: 'graphiql.js',
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: ({ names }) =>
          names.includes('main.css') ? 'graphiql.css' : 'assets/[name]-[hash][extname]',
      },
    },
  },
  worker: { format: 'es' },
});
