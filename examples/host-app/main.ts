import 'reflect-metadata';
import { createApplication } from './platform.js';

/** Serves the application: `DATABASE_URL=… node out/main.js express`. */
async function main(): Promise<void> {
  const app = await createApplication(process.argv[2] ?? 'express', {});
  await app.listen(3000);
  console.log(`POST ${await app.getUrl()}/agents/guardian/proposals`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
