import { Code } from '../../ui/parts.js';

const SNIPPET = `import { Webhook } from 'standardwebhooks';

// body: the text of the request, as it was received
const webhook = new Webhook(process.env.LVLUP_WEBHOOK_SECRET);
const { type, data } = webhook.verify(body, headers);`;

/** How a receiver uses the secret. */
export function VerifySnippet() {
  return (
    <>
      <h3>Verify a message with the secret</h3>
      <Code>{SNIPPET}</Code>
      <p className="muted">
        Libraries for other languages: <a href="https://www.standardwebhooks.com">Standard Webhooks</a>
      </p>
    </>
  );
}
