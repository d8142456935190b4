/** The sections of a specification, in their order. */
export const sections = [
  'goal',
  'context',
  'constraints',
  'inputs',
  'outputs',
  'criteria',
  'questions',
] as const;
export type Section = (typeof sections)[number];

/** How each section is headed in a specification. */
export const sectionTitles: Readonly<Record<Section, string>> = {
  goal: 'Goal',
  context: 'Context',
  constraints: 'Constraints',
  inputs: 'Inputs',
  outputs: 'Outputs',
  criteria: 'Acceptance criteria',
  questions: 'Open questions',
};

/** Headings, and labels before a colon, that say which section follows. Lower case. */
export const sectionNames: Readonly<Record<Section, readonly string[]>> = {
  goal: ['goal', 'goals', 'objective', 'objectives', 'task', 'aim', 'purpose'],
  context: ['context', 'background', 'motivation', 'situation', 'audience'],
  constraints: ['constraints', 'constraint', 'requirements', 'limits', 'rules', 'restrictions', 'non-goals'],
  inputs: ['inputs', 'input', 'given', 'sources', 'material'],
  outputs: ['outputs', 'output', 'deliverables', 'deliverable', 'result', 'results'],
  criteria: [
    'acceptance criteria',
    'criteria',
    'acceptance',
    'success criteria',
    'definition of done',
    'done when',
  ],
  questions: ['open questions', 'questions', 'unclear'],
};

/** What a request may begin with to ask for something: the verbs of its goal. */
export const goalVerbs: readonly string[] = [
  ...['add', 'adapt', 'adjust', 'analyse', 'analyze', 'automate', 'build', 'calculate', 'change', 'check'],
  ...['clean', 'collect', 'compare', 'compute', 'configure', 'convert', 'correct', 'create', 'debug'],
  ...['define', 'delete', 'deploy', 'describe', 'design', 'develop', 'document', 'draft', 'draw', 'enable'],
  ...['explain', 'export', 'extend', 'extract', 'find', 'fix', 'format', 'generate', 'give', 'implement'],
  ...['import', 'improve', 'install', 'integrate', 'list', 'load', 'make', 'measure', 'merge', 'migrate'],
  ...['move', 'optimise', 'optimize', 'organise', 'organize', 'parse', 'plan', 'port', 'prepare', 'print'],
  ...['produce', 'provide', 'publish', 'reduce', 'refactor', 'remove', 'rename', 'repair', 'replace'],
  ...['report', 'review', 'rewrite', 'run', 'save', 'say', 'send', 'set', 'show', 'simplify', 'sort'],
  ...['split', 'store', 'summarise', 'summarize', 'support', 'tell', 'test', 'train', 'translate', 'turn'],
  ...['update', 'upgrade', 'validate', 'verify', 'visualise', 'visualize', 'write'],
];

/** Goal verbs that bring something about: what they name as a file is an output. */
export const makingVerbs: readonly string[] = [
  ...['add', 'build', 'create', 'draft', 'draw', 'export', 'generate', 'make', 'produce', 'provide'],
  ...['publish', 'rewrite', 'save', 'store', 'update', 'write'],
];

/** What can be handed over: as the object of such a verb it is an output. Singular. */
export const deliverables: readonly string[] = [
  ...['api', 'app', 'application', 'chart', 'command', 'diagram', 'document', 'endpoint', 'example', 'file'],
  ...['form', 'function', 'graph', 'guide', 'image', 'index', 'library', 'list', 'manual', 'module', 'note'],
  ...['package', 'page', 'paragraph', 'plan', 'program', 'release', 'report', 'schema', 'script', 'section'],
  ...['service', 'site', 'slide', 'table', 'template', 'test', 'tool', 'tutorial', 'website', 'workflow'],
];

/** Sentences that begin with these ask for no work, but bound it. */
export const limitingVerbs: readonly string[] = [
  ...['avoid', 'ensure', 'follow', 'ignore', 'keep', 'leave', 'limit', 'preserve', 'respect', 'restrict'],
  ...['stick', 'use'],
];

/** What a vague word leaves open; the question that a specification asks for it follows from this. */
export type Vagueness =
  | 'measure'
  | 'quality'
  | 'amount'
  | 'time'
  | 'condition'
  | 'open list'
  | 'placeholder'
  | 'thing';

/** Words that say less than they seem to, by what they leave open. */
export const vagueWords: Readonly<Record<Vagueness, readonly string[]>> = {
  measure: [
    ...['fast', 'faster', 'quick', 'quickly', 'slow', 'performant', 'efficient', 'efficiently'],
    ...['responsive', 'lightweight', 'scalable', 'small', 'large', 'big', 'short', 'long'],
  ],
  quality: [
    ...['robust', 'good', 'better', 'best', 'nice', 'nicer', 'nicely', 'clean', 'cleaner', 'modern'],
    ...['simple', 'simpler', 'easy', 'easier', 'easily', 'intuitive', 'user-friendly', 'elegant'],
    ...['professional', 'high-quality', 'proper', 'properly', 'adequate', 'reasonable', 'suitable'],
    ...['decent', 'seamless', 'seamlessly', 'flexible', 'state of the art', 'state-of-the-art'],
    ...['readable', 'maintainable', 'well-documented', 'optimal', 'great', 'beautiful', 'pretty'],
  ],
  amount: [
    ...['some', 'several', 'many', 'few', 'a few', 'various', 'a lot', 'a lot of', 'lots of', 'most'],
    ...['enough', 'sufficient', 'sufficiently', 'numerous', 'a couple', 'roughly', 'approximately'],
  ],
  time: [
    ...['soon', 'asap', 'as soon as possible', 'regularly', 'often', 'sometimes', 'usually', 'recently'],
    ...['recent', 'periodically', 'eventually', 'in a timely manner'],
  ],
  condition: [
    ...['as needed', 'if needed', 'when needed', 'where needed', 'if necessary', 'where necessary'],
    ...['if possible', 'where possible', 'where appropriate', 'as appropriate', 'appropriate'],
    ...['appropriately', 'as required', 'ideally', 'preferably', 'maybe', 'perhaps', 'probably'],
  ],
  'open list': [
    'etc',
    'etc.',
    'and so on',
    'and so forth',
    'and more',
    'among others',
    'and/or',
    'and the like',
  ],
  placeholder: ['tbd', 'tba', 'to be defined', 'to be decided', 'fixme', '???'],
  thing: ['stuff', 'things', 'something', 'somehow', 'somewhere', 'whatever', 'everything', 'anything'],
};

/** What points to something that the request does not hold. */
export const emptyReferences: readonly string[] = [
  ...['as before', 'as usual', 'the usual', 'as discussed', 'as mentioned', 'as agreed', 'the above'],
  ...['the former', 'the latter', 'like last time', 'same as before', 'as you know', 'the other one'],
];

/** Whom a request may be for; one word each, singular or plural. */
export const audiences: readonly string[] = [
  ...['user', 'reader', 'developer', 'customer', 'beginner', 'contributor', 'maintainer', 'administrator'],
  ...['admin', 'operator', 'engineer', 'student', 'client', 'visitor', 'newcomer', 'team', 'manager'],
  ...['tester', 'author', 'editor', 'teacher', 'colleague', 'stakeholder', 'patient', 'citizen'],
];

/** Units by their factor to the base of their dimension. */
export const units: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  time: {
    ms: 0.001,
    millisecond: 0.001,
    s: 1,
    sec: 1,
    second: 1,
    min: 60,
    minute: 60,
    h: 3600,
    hour: 3600,
    day: 86_400,
    week: 604_800,
    month: 2_592_000,
    year: 31_536_000,
  },
  size: {
    byte: 1,
    kb: 1000,
    mb: 1e6,
    gb: 1e9,
    tb: 1e12,
    kib: 1024,
    mib: 1024 ** 2,
    gib: 1024 ** 3,
    kilobyte: 1000,
    megabyte: 1e6,
    gigabyte: 1e9,
  },
  share: { '%': 1, percent: 1 },
  money: { '€': 1, euro: 1, eur: 1 },
  dollars: { $: 1, dollar: 1, usd: 1 },
  pixels: { px: 1, pixel: 1 },
};

/** Nouns that are counted; each is a dimension of its own. */
export const countedNouns: readonly string[] = [
  ...['line', 'word', 'character', 'page', 'file', 'item', 'request', 'user', 'person', 'column', 'row'],
  ...['test', 'step', 'time', 'section', 'sentence', 'paragraph', 'package', 'dependency', 'error', 'retry'],
  ...['attempt', 'image', 'example', 'endpoint', 'field', 'record', 'click', 'core', 'thread', 'process'],
];

/** How a number is bounded, the longest phrases first. */
export const comparators: readonly (readonly [string, Comparator])[] = [
  ['must not be longer than', 'at most'],
  ['must not be larger than', 'at most'],
  ['must not take longer than', 'at most'],
  ['must not exceed', 'at most'],
  ['not be longer than', 'at most'],
  ['not be larger than', 'at most'],
  ['not take longer than', 'at most'],
  ['not more than', 'at most'],
  ['no more than', 'at most'],
  ['no longer than', 'at most'],
  ['not exceed', 'at most'],
  ['not less than', 'at least'],
  ['no less than', 'at least'],
  ['no fewer than', 'at least'],
  ['a maximum of', 'at most'],
  ['a minimum of', 'at least'],
  ['at most', 'at most'],
  ['at least', 'at least'],
  ['up to', 'at most'],
  ['maximum', 'at most'],
  ['minimum', 'at least'],
  ['less than', 'below'],
  ['fewer than', 'below'],
  ['shorter than', 'below'],
  ['smaller than', 'below'],
  ['more than', 'above'],
  ['longer than', 'above'],
  ['larger than', 'above'],
  ['exactly', 'exactly'],
  ['within', 'at most'],
  ['under', 'below'],
  ['below', 'below'],
  ['over', 'above'],
  ['above', 'above'],
  ['<=', 'at most'],
  ['>=', 'at least'],
  ['≤', 'at most'],
  ['≥', 'at least'],
  ['<', 'below'],
  ['>', 'above'],
];
export const comparisons = ['at most', 'below', 'at least', 'above', 'exactly'] as const;
export type Comparator = (typeof comparisons)[number];

/** Numbers that are written as words. */
export const numberWords: readonly string[] = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven'],
  'twelve',
];

/** Words without which two statements are compared: they do not say what the statement is about. */
export const emptyWords: readonly string[] = [
  ...['a', 'an', 'the', 'our', 'your', 'my', 'its', 'their', 'any', 'all', 'each', 'every', 'also'],
  ...['please', 'be', 'is', 'are', 'to', 'of', 'that', 'and', 'but', 'it', 'this', 'these', 'those'],
];
