import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { validateTemplate } from '../libs/templates/validate-template.js';
test('x', () => {
  const sound = readFileSync('test/libs/templates/bad-templates/sound.yaml', 'utf8');
  console.log(JSON.stringify(validateTemplate(sound).problems), JSON.stringify(validateTemplate(sound).warnings));
  const cases = JSON.parse(readFileSync('/tmp/cases.json', 'utf8')) as [string, string, string][];
  const out = cases.map(([says, from, to]) => {
    if (!sound.includes(from)) throw new Error(`no ${from}`);
    const { problems } = validateTemplate(sound.replace(from, () => to));
    return { says, change: [from, to], told: problems.map((p) => `${p.line}:${p.column} ${p.path || '/'}: ${p.reason}`) };
  });
  writeFileSync('/tmp/out.json', JSON.stringify(out));
  for (const o of out) console.log(o.says + '\n    ' + o.told.join('\n    '));
});
