import '@swc-node/register/esm-register';

export default async function setup() {
  const { startTestServer } = await import('./test-server.ts');
  globalThis.testServer = await startTestServer();
  process.env.TEST_SERVER = globalThis.testServer.url;
}
