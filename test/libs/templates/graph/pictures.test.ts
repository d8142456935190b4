import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { dotOfTemplate } from '../../../../libs/templates/graph/dot-of-template.js';
import { drawGraph } from '../../../../libs/templates/graph/draw-graph.js';
import { listTemplates } from '../../../../libs/templates/load.js';
import { validateTemplate } from '../../../../libs/templates/validate-template.js';

describe.each(listTemplates().map(({ template }) => template))('the picture of $name', (template) => {
  // Written anew by running this file with `-u`.
  test('in the documentation is the one that is drawn now', async () => {
    await expect(await drawGraph(template)).toMatchFileSnapshot(
      `../../../../docs/templates/${template.name}.svg`,
    );
  });

  test('stands on a page of its own', async () => {
    const page = await readFile(`docs/templates/${template.name}.md`, 'utf8');
    expect(page).toContain(`# ${template.name}\n`);
    expect(page).toContain(`(${template.name}.svg)`);
  });
});

describe('a picture', () => {
  const sound = async () => {
    const { template } = validateTemplate(
      await readFile('test/libs/templates/bad-templates/sound.yaml', 'utf8'),
    );
    if (!template) throw new Error('It is not sound.');
    return template;
  };

  test('is the same each time, and has conditions on edges, helpers dashed, barriers and consumers', async () => {
    const template = await sound();
    const svg = await drawGraph(template);
    expect(await drawGraph(structuredClone(template))).toBe(svg);
    expect(svg).toContain('if risk.confidence');
    for (const text of [
      'fallback',
      'recovery (automatic)',
      'for each of improve',
      'candidates A, B',
      'Follow up',
    ])
      expect(svg).toContain(text);
    const dot = dotOfTemplate(template);
    expect(dot).toMatch(/"item:guess" \[.*dashed/);
    expect(dot).toMatch(/"item:gate" \[.*shape="hexagon"/);
    expect(dot).toMatch(/"item:risk" -> "item:high" \[label="if risk\.confidence/);
    expect(dot).toMatch(/"category:research" -> "consumer:follow"/);
  });

  test('shows texts as they are, whatever stands in them', async () => {
    const template = await sound();
    const items = template.items.map((item) => ({
      ...item,
      title: '"]; <script>alert(1)</script> \\N &amp;',
    }));
    const svg = await drawGraph({ ...template, items });
    expect(svg).toContain('&lt;script&gt;alert(1)');
    expect(svg).not.toContain('<script>');
  });

  test('of more than anybody can see is refused', async () => {
    const template = await sound();
    const [first] = template.items;
    if (!first) throw new Error('It has no items.');
    const items = Array.from({ length: 1001 }, (_, at) => ({ ...first, id: `i-${at}`, fallback: undefined }));
    await expect(drawGraph({ ...template, items })).rejects.toMatchObject({ code: 'InputInvalid' });
  });
});
