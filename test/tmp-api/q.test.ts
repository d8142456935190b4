import { test } from 'vitest';
import { engineServer } from '../support/engine.js';
import { TestApi } from '../support/api.js';
test('q', async () => {
  const e = await engineServer();
  const api = await TestApi.start(e);
  const { body } = await api.startRun({ template: 'repository-review', input: { subject: 'npm:ejs@1.0.0' } }, 'k');
  const c = new AbortController();
  const r = await fetch(`${api.url}/v1/runs/${body.id}/events`, { signal: c.signal });
  try { for await (const t of r.body!.pipeThrough(new TextDecoderStream())) { console.log(t.length); c.abort(); break; } } catch (x) { console.log(String(x)); }
  const t0 = Date.now();
  while (Date.now() - t0 < 20000) { const { body: t } = await api.get('/metrics'); if (/count.*events/.test(t)) { console.log('seen after', Date.now() - t0); break; } await new Promise(r => setTimeout(r, 50)); }
  await api.remove();
  await e.teardown();
}, 60000);
