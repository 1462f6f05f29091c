import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const OUT_DIR = join(import.meta.dirname, '..', '..', 'dist', 'dashboard');
const COMPRESSIBLE = /\.(js|css|svg)$/;

/** Writes compressed copies of the assets, which the service sends to browsers that accept them. */
function compress(): Plugin {
  return {
    name: 'compress',
    apply: 'build',
    closeBundle() {
      const folder = join(OUT_DIR, 'assets');
      for (const name of readdirSync(folder).filter((file) => COMPRESSIBLE.test(file))) {
        const path = join(folder, name);
        const content = readFileSync(path);
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
        writeFileSync(`${path}.br`, brotliCompressSync(content));
      }
    },
  };
}

/** `base` is relative: the service may be behind a path prefix. It inserts `<base>`, so that nested pages find the assets. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react(), compress()],
  build: {
    outDir: OUT_DIR,
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    target: 'es2022',
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8000', '/docs': 'http://127.0.0.1:8000' } },
});
