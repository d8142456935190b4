import { describe, expect, it } from 'vitest';
import { expandTemplate } from '../../../libs/graph/expand.js';
import { findTemplate, listTemplates, templateDigest } from '../../../libs/templates/load.js';

describe('the shipped templates', () => {
  it('are found by name and by name and version', () => {
    const { template, digest } = findTemplate('repository-review');
    expect(findTemplate(`repository-review@${template.version}`).digest).toBe(digest);
  });

  it('are named by the digest of their content, whatever the order of keys', () => {
    const { template, digest } = findTemplate('repository-review');
    const reversed = Object.fromEntries(Object.entries(template).reverse());
    expect(templateDigest({ ...template, ...reversed })).toBe(digest);
    expect(templateDigest({ ...template, parallel: template.parallel + 1 })).not.toBe(digest);
  });

  it.each(['nothing', 'repository-review@9.9.9', '../repository-review', 'toString'])(
    'names those that are known when %s is not',
    (reference) => {
      expect(() => findTemplate(reference)).toThrow(
        expect.objectContaining({
          code: 'TemplateUnknown',
          message: expect.stringContaining('repository-review@2.0.0'),
        }),
      );
    },
  );

  it('lists each once', () => {
    const names = listTemplates().map(({ template: { name, version } }) => `${name}@${version}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('repository-review@2.0.0');
  });
});

describe('repository-review', () => {
  const items = expandTemplate(findTemplate('repository-review').template);
  const item = (id: string) => items.find((one) => one.id === id);

  it('analyses in parallel, then consolidates, checks, improves three times and validates each', () => {
    expect(items.map(({ id, after }) => `${id} <- ${after.join(', ')}`)).toEqual([
      'architecture <- ',
      'code <- ',
      'infrastructure <- ',
      'consolidation <- architecture, code, infrastructure',
      'checkpoint <- consolidation',
      'improve-a <- checkpoint, code, infrastructure',
      'improve-b <- checkpoint, code, infrastructure',
      'improve-c <- checkpoint, code, infrastructure',
      'validate-a <- improve-a, infrastructure',
      'validate-b <- improve-b, infrastructure',
      'validate-c <- improve-c, infrastructure',
    ]);
  });

  it('gives each candidate a strategy of its own and its validation the changed workspace', () => {
    expect(['a', 'b', 'c'].map((letter) => item(`improve-${letter}`)?.capability)).toEqual([
      'improve.biome',
      'improve.oxlint',
      'improve.eslint',
    ]);
    expect(item('improve-b')).toMatchObject({ workspace: null, candidate: 'B', category: 'implementation' });
    expect(item('validate-b')).toMatchObject({ workspace: 'improve-b', candidate: 'B', body: 'validate' });
  });
});
