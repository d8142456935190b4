import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

type Node = ReturnType<typeof fromMarkdown> | ReturnType<typeof fromMarkdown>['children'][number];

/** What a page in Markdown holds that can be checked. */
export interface Page {
  /** Blocks that say they are JavaScript or TypeScript. */
  readonly examples: readonly { readonly line: number; readonly language: string; readonly text: string }[];
  /** Where links and images lead, as it is written. */
  readonly links: readonly { readonly line: number; readonly url: string }[];
}

const languages: Readonly<Record<string, string>> = {
  js: 'js',
  javascript: 'js',
  node: 'js',
  mjs: 'mjs',
  cjs: 'cjs',
  jsx: 'jsx',
  ts: 'ts',
  typescript: 'ts',
  tsx: 'tsx',
};

/** Reads a page in GitHub's Markdown. */
export function readMarkdown(text: string): Page {
  const examples: Page['examples'][number][] = [];
  const links: Page['links'][number][] = [];
  const visit = (node: Node): void => {
    const line = node.position?.start.line ?? 1;
    if (node.type === 'code') {
      const language = languages[(node.lang ?? '').toLowerCase()];
      if (language !== undefined) examples.push({ line, language, text: node.value });
    }
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition')
      links.push({ line, url: node.url });
    if ('children' in node) for (const child of node.children) visit(child);
  };
  visit(fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
  return { examples, links };
}
