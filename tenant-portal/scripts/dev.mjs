// Vite's development server over the fake control plane, or over a real one: SENDENSE_API=http://127.0.0.1:8080 npm run dev
import { createServer } from 'vite';

let api = process.env.SENDENSE_API;
if (!api) {
  const { startFake } = await import('../fake/server.mjs');
  ({ url: api } = await startFake());
  console.log('Made-up data. Sign in as owner, msp, billing, customer, viewer or newcomer, password "sendense".');
}
const server = await createServer({ server: { proxy: { '/api': api } } });
await server.listen();
server.printUrls();
