import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precompress } from './precompress.ts';

/** For `vite client/web` beside a running `npm start`, or `PORT` where that one listens elsewhere. */
const server = `http://127.0.0.1:${process.env['PORT'] ?? '3000'}`;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), precompress()],
  server: { proxy: { '/trpc': { target: server, ws: true } } },
  // The page's Content-Security-Policy takes scripts from files only; inlined images would pass, files are simpler.
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Half a second of compression is no news for whoever starts the server.
      checks: { pluginTimings: false },
      // What the first screen needs is one file, whatever else needs a part of it: in pieces it compresses worse.
      output: { codeSplitting: { groups: [{ name: 'index', tags: ['$initial'] }] } },
    },
  },
});
