import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const api = process.env['SENDENSE_API'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { host: '127.0.0.1', port: 5173, strictPort: true, proxy: { '/api': api } },
  build: {
    target: 'es2022',
    sourcemap: false,
    // Inlined data: URLs would need a wider content security policy than 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      output: {
        manualChunks(id) {
          if (!id.includes('node_modules')) return undefined;
          if (/node_modules\/(react|react-dom|scheduler|react-router|react-router-dom|@remix-run)\//.test(id)) {
            return 'react';
          }
          return undefined;
        },
      },
    },
  },
  test: {
    css: { modules: { classNameStrategy: 'non-scoped' } },
    testTimeout: 15_000,
    restoreMocks: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'pages',
          environment: 'jsdom',
          environmentOptions: { jsdom: { url: 'http://localhost:5173/' } },
          include: ['src/**/*.test.tsx'],
          setupFiles: ['src/lib/test/setup.ts'],
          // The pages' modules are loaded once; each file still has a document of its own.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'fake',
          environment: 'node',
          include: ['fake/**/*.test.mjs'],
        },
      },
      {
        extends: true,
        test: {
          // All that needs neither a document nor the fake server.
          name: 'rules',
          environment: 'node',
          include: ['src/**/*.test.ts'],
          isolate: false,
        },
      },
    ],
  },
});
