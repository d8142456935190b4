/** How a template differs from `sound.yaml`, and everything that is told of it: `LINE:COLUMN PATH: SENTENCE`. */
export interface BadTemplate {
  readonly says: string;
  /** What stands in the sound one, and what in its place. */
  readonly change: readonly [from: string, to: string];
  readonly told: readonly string[];
}

export const badTemplates: readonly BadTemplate[] = [
  {
    says: 'a name in capitals',
    change: ['name: sample', 'name: Sample'],
    told: ['1:7 /name: It is lower case with hyphens, begins with a letter, and has at most 64 characters.'],
  },
  {
    says: 'a version of two numbers',
    change: ['version: 1.0.0', "version: '1.0'"],
    told: ['2:10 /version: It is three numbers, such as 1.0.0.'],
  },
  {
    says: 'a version that YAML reads as a number',
    change: ['version: 1.0.0', 'version: 1.0'],
    told: ['2:10 /version: It is a whole number; a text is expected.'],
  },
  {
    says: 'no title',
    change: ['title: Sample\n', ''],
    told: ['1:1 /title: "title" is missing.'],
  },
  {
    says: 'a misspelt field',
    change: ['parallel: 3', 'paralel: 3'],
    told: ['13:10 /paralel: There is no field "paralel" here; did you mean "parallel"?'],
  },
  {
    says: 'a field that is there twice',
    change: ['parallel: 3', 'parallel: 3\nparallel: 4'],
    told: ['14:1 /parallel: The field is there twice.'],
  },
  {
    says: 'a number that is too large',
    change: ['parallel: 3', 'parallel: 3000'],
    told: ['13:11 /parallel: It is at most 1000.'],
  },
  {
    says: 'a text in place of a number',
    change: ['parallel: 3', 'parallel: three'],
    told: ['13:11 /parallel: It is a text; a number is expected.'],
  },
  {
    says: 'a tag with a blank',
    change: ['tags: [sample]', 'tags: [a sample]'],
    told: ['5:8 /tags/0: It does not match /^[a-z0-9][a-z0-9-]{0,39}$/.'],
  },
  {
    says: 'text that is not YAML',
    change: ['tags: [sample]', 'tags: [sample'],
    told: ['6:1 /input: Flow sequence in block collection must be sufficiently indented and end with a ].'],
  },
  {
    says: 'a tab for indentation',
    change: ['  - id: risk\n    title: Risk', '  - id: risk\n\ttitle: Risk'],
    told: ['18:1 /items/0/id: Tabs are not allowed as indentation.'],
  },
  {
    says: 'an alias of nothing',
    change: ['tags: [sample]', 'tags: *sample'],
    told: ['5:7 /tags: There is no anchor "&sample" before it.'],
  },
  {
    says: 'a number that JSON cannot say',
    change: ['fallback: guess', 'parameters: { most: .inf }\n    fallback: guess'],
    told: ['28:25 /items/0/parameters/most: It is Infinity, which JSON cannot say.'],
  },
  {
    says: 'weights of 0',
    change: ['parallel: 3', 'fitness: { findings: 0, complexity: 0, size: 0, verification: 0 }'],
    told: ['13:10 /fitness: At least one weight is more than 0.'],
  },
  {
    says: 'a first pause longer than the longest',
    change: ['parallel: 3', 'defaults: { retry: { interval: 2 minutes } }'],
    told: [
      '13:32 /defaults/retry/interval: The first interval (2 minutes) is longer than the longest (most_interval, 1 minute).',
    ],
  },
  {
    says: 'an input that does not demand the subject',
    change: ['required: [subject]', 'required: [depth]'],
    told: ['8:13 /input/required: Every run needs a subject, so it has to be among what is required.'],
  },
  {
    says: 'a subject that is no text',
    change: ['subject: { type: string }', 'subject: { type: object }'],
    told: ['10:14 /input/properties/subject: The subject is a text: its "type" has to be "string".'],
  },
  {
    says: 'an input whose schema is none',
    change: ['depth: { type: integer }', 'depth: { type: int }'],
    told: [
      '11:20 /input/properties/depth/type: It is not a JSON Schema (2020-12): it is one of array, boolean, integer, null, number, object, string.',
    ],
  },
  {
    says: 'an unknown keyword in a schema',
    change: ['depth: { type: integer }', 'depth: { type: integer, min: 1 }'],
    told: ['7:3 /input: It is not a JSON Schema (2020-12): strict mode: unknown keyword: "min".'],
  },
  {
    says: 'an item without a definition of done',
    change: ['\n    done: { says: There is a guess., expression: EXISTS result.level }', ''],
    told: ['29:5 /items/1/done: "done" is missing.'],
  },
  {
    says: 'a vague definition of done',
    change: [
      'done: { says: There is a guess., expression: EXISTS result.level }',
      'done: It is guessed well.',
    ],
    told: [
      '33:11 /items/1/done: A sentence cannot be checked: give "says" and one of "expression", "command" or "schema".',
    ],
  },
  {
    says: 'a definition of done with a sentence alone',
    change: [
      'done: { says: There is a guess., expression: EXISTS result.level }',
      'done: { says: It is guessed well. }',
    ],
    told: [
      '33:11 /items/1/done: It is checked by exactly one of "expression", "command" or "schema"; a sentence alone is vague.',
    ],
  },
  {
    says: 'a command that cannot fail',
    change: ['command: test -f notes.md', "command: 'true'"],
    told: ['48:47 /items/3/done/command: It cannot fail: this command always ends with 0.'],
  },
  {
    says: 'a report that is expected of each output of a map',
    change: ['over: input.files }\n', 'over: input.files }\n    expects: code\n'],
    told: ['90:14 /items/9/expects: What a map expects is of each output, so it is a JSON Schema.'],
  },
  {
    says: 'something else that is expected of a checkpoint',
    change: ['depends_on: [high, low]', 'depends_on: [high, low]\n    expects: code'],
    told: ['56:14 /items/4/expects: The outcome of a checkpoint is a checkpoint and nothing else.'],
  },
  {
    says: 'a synthesis that is expected of an agent',
    change: ['expects: candidate', 'expects: synthesis'],
    told: [
      '65:14 /items/5/expects: No agent makes a synthesis; a consolidation does.',
      '66:62 /items/5/done/expression: "result" has no field "strategy" at character 15; there are "kind", "phase", "inputs", "missing", "lacking", "notNeeded", "synthesis", "decisions", "final".',
    ],
  },
  {
    says: 'a checkpoint that is expected of a category of agents',
    change: ['research: { title: Research }', 'research: { title: Research, expects: checkpoint }'],
    told: [
      '31:15 /items/1/category: The category "research" expects a checkpoint, which no agent makes; a checkpoint does.',
      '33:64 /items/1/done/expression: "result" has no field "level" at character 15; there are "kind", "criteria", "passed", "decision", "warnings".',
      '95:15 /consumers/0/category: The category "research" expects a checkpoint, which no agent makes; a checkpoint does.',
      '98:66 /consumers/0/done/expression: "result" has no field "answer" at character 15; there are "kind", "criteria", "passed", "decision", "warnings".',
    ],
  },
  {
    says: 'a text that is expected of an agent',
    change: [
      '    expects: candidate\n    done: { says: It was changed., expression: EXISTS result.strategy }',
      '    expects: { type: string }\n    done: { says: It was changed., command: npm test }',
    ],
    told: ['65:22 /items/5/expects/type: The outcome of an agent is an object; this schema takes none.'],
  },
  {
    says: 'a list that is expected of a category',
    change: [
      'research: { title: Research }',
      'research: { title: Research, expects: { type: [array, "null"], items: { type: string } } }',
    ],
    told: [
      '15:49 /categories/research/expects/type: The outcome of an agent is an object; this schema takes none.',
      '33:64 /items/1/done/expression: "result" has no fields at character 15.',
      '98:66 /consumers/0/done/expression: "result" has no fields at character 15.',
    ],
  },
  {
    says: 'a schema that cannot fail',
    change: ['schema: { type: object, required: [components] }', 'schema: { type: object }'],
    told: ['41:46 /items/2/done/schema: It cannot fail: every outcome keeps to this schema.'],
  },
  {
    says: 'an expression that cannot fail',
    change: ['expression: EXISTS result.level }\n  - id: high', 'expression: 1 < 2 }\n  - id: high'],
    told: ['33:50 /items/1/done/expression: It cannot fail: it holds whatever the result is.'],
  },
  {
    says: 'an expression that holds whatever the result is',
    change: [
      'expression: EXISTS result.level }\n  - id: high',
      'expression: result.level == 1 OR result.level != 1 }\n  - id: high',
    ],
    told: ['33:50 /items/1/done/expression: It cannot fail: it holds whatever the result is.'],
  },
  {
    says: 'an unknown kind of work',
    change: [
      'work: { kind: agent, capability: analyse.guess }',
      'work: { kind: agnet, capability: analyse.guess }',
    ],
    told: [
      '32:19 /items/1/work/kind: It is one of agent, consolidation, checkpoint, map; did you mean "agent"?',
    ],
  },
  {
    says: 'work that asks for an agent and a capability',
    change: [
      'work: { kind: agent, agent: reader }',
      'work: { kind: agent, agent: reader, capability: read }',
    ],
    told: ['45:11 /items/3/work: It asks for exactly one of "capability" or "agent".'],
  },
  {
    says: 'a field of another kind of work',
    change: ['work: { kind: agent, agent: reader }', 'work: { kind: agent, agent: reader, deadline: 3s }'],
    told: ['45:51 /items/3/work/deadline: There is no field "deadline" here.'],
  },
  {
    says: 'a timeout that is none',
    change: ['fallback: guess', 'timeout: soon\n    fallback: guess'],
    told: [
      '28:14 /items/0/timeout: "soon" is not a duration from 1 ms to 24 hours, such as "30s" or "2 minutes".',
    ],
  },
  {
    says: 'an unknown contract',
    change: ['expects: candidate', 'expects: candidates'],
    told: [
      '65:14 /items/5/expects: It is one of architecture, code, infrastructure, candidate, validation, synthesis, checkpoint, or a JSON Schema.',
    ],
  },
  {
    says: 'an unknown strategy after failures',
    change: ['fallback: guess', 'on_failure: [backup, again]\n    fallback: guess'],
    told: ['28:26 /items/0/on_failure/1: It is one of narrow, backup, split, log, person.'],
  },
  {
    says: 'an undeclared category',
    change: [
      'category: research\n    work: { kind: agent, capability: analyse.guess }',
      'category: reserch\n    work: { kind: agent, capability: analyse.guess }',
    ],
    told: [
      '31:15 /items/1/category: There is no category "reserch"; did you mean "research"? Declare it in "categories".',
    ],
  },
  {
    says: 'an id that is there twice',
    change: ['- id: guess', '- id: low'],
    told: [
      '28:15 /items/0/fallback: There is no item "guess".',
      '42:9 /items/3/id: There is another item "low".',
    ],
  },
  {
    says: 'an id that candidates make too',
    change: ['- id: each-file', '- id: improve-a'],
    told: ['86:9 /items/9/id: The candidates of "improve" make an item "improve-a" too.'],
  },
  {
    says: 'an id that is a word of conditions',
    change: ['- id: each-file', '- id: result'],
    told: ['86:9 /items/9/id: "result" is a word of conditions; choose another.'],
  },
  {
    says: 'an unknown dependency',
    change: ['depends_on: [high, low]', 'depends_on: [hihg, low]'],
    told: ['55:18 /items/4/depends_on/0: There is no item "hihg"; did you mean "high"?'],
  },
  {
    says: 'items that wait for each other',
    change: [
      'id: high\n    title: Look closely\n    category: analysis\n    work: { kind: agent, capability: analyse.code }\n    depends_on: [risk]',
      'id: high\n    title: Look closely\n    category: analysis\n    work: { kind: agent, capability: analyse.code }\n    depends_on: [risk, check]',
    ],
    told: [
      '38:24 /items/2/depends_on/1: These items wait for each other: high -> check -> improve -> gate -> high.',
    ],
  },
  {
    says: 'an item that waits for itself',
    change: ['depends_on: [gate]', 'depends_on: [gate, improve]'],
    told: ['64:24 /items/5/depends_on/1: It waits for itself: improve -> improve.'],
  },
  {
    says: 'an unknown item for each of whose candidates one is',
    change: ['each: improve\n    done: { says: Tests', 'each: improv\n    done: { says: Tests'],
    told: ['71:11 /items/6/each: There is no item "improv"; did you mean "improve"?'],
  },
  {
    says: 'one for each of an item without candidates',
    change: ['each: improve\n    done: { says: Tests', 'each: gate\n    done: { says: Tests'],
    told: ['71:11 /items/6/each: "gate" has no candidates, and is not for each of an item that has.'],
  },
  {
    says: 'a barrier with candidates',
    change: ['work: { kind: agent, capability: improve }', 'work: { kind: consolidation }'],
    told: [
      '62:7 /items/5/candidates: Only work of an agent has candidates; this is a consolidation.',
      '65:14 /items/5/expects: The outcome of a consolidation is a synthesis and nothing else.',
      '66:62 /items/5/done/expression: "result" has no field "strategy" at character 15; there are "kind", "phase", "inputs", "missing", "lacking", "notNeeded", "synthesis", "decisions", "final".',
    ],
  },
  {
    says: 'a barrier for each candidate',
    change: ['work: { kind: agent, capability: validate }', 'work: { kind: checkpoint }'],
    told: [
      '71:11 /items/6/each: A checkpoint is one item, and is not for each candidate.',
      '72:41 /items/6/done/command: A checkpoint has no workspace to run a command in. Give an "expression" over its result instead.',
    ],
  },
  {
    says: 'candidates beside each',
    change: ['depends_on: [gate]\n', 'depends_on: [gate]\n    each: check\n'],
    told: [
      '65:11 /items/5/each: An item has candidates of its own or is for each of another, not both.',
      '65:11 /items/5/each: These items wait for each other: improve -> check -> improve.',
    ],
  },
  {
    says: 'no candidate',
    change: [
      'candidates:\n      A: { capability: improve.a }\n      B: { capability: improve.b }',
      'candidates: {}',
    ],
    told: ['61:17 /items/5/candidates: At least one candidate is needed.'],
  },
  {
    says: 'a candidate with a small letter',
    change: ['A: { capability: improve.a }', 'a: { capability: improve.a }'],
    told: ['62:10 /items/5/candidates/a: The name is not possible. A candidate has one capital letter.'],
  },
  {
    says: 'the workspace of a barrier',
    change: [
      'work: { kind: agent, agent: reader }',
      'workspace: gate\n    work: { kind: agent, agent: reader }',
    ],
    told: [
      '45:16 /items/3/workspace: "gate" is a checkpoint, which hands back no workspace.',
      '45:16 /items/3/workspace: These items wait for each other: low -> gate -> low.',
    ],
  },
  {
    says: 'the workspace of one of several candidates',
    change: ['work: { kind: map, capability', 'workspace: improve\n    work: { kind: map, capability'],
    told: [
      '89:16 /items/9/workspace: "improve" is there once per candidate, so it is not clear which is meant; an item that is for each of them can name it.',
    ],
  },
  {
    says: 'an unknown fallback',
    change: ['fallback: guess', 'fallback: gues'],
    told: ['28:15 /items/0/fallback: There is no item "gues"; did you mean "guess"?'],
  },
  {
    says: 'a fallback of itself',
    change: ['fallback: guess', 'fallback: risk'],
    told: ['28:15 /items/0/fallback: An item cannot help itself where it has failed.'],
  },
  {
    says: 'a fallback that waits for what it stands in for',
    change: [
      'work: { kind: agent, capability: analyse.guess }',
      'depends_on: [risk]\n    work: { kind: agent, capability: analyse.guess }',
    ],
    told: ['32:18 /items/1/depends_on/0: It is done where "risk" has failed, so it cannot wait for it.'],
  },
  {
    says: 'an item behind a fallback',
    change: ['depends_on: [high, low]', 'depends_on: [high, low, guess]'],
    told: [
      '55:29 /items/4/depends_on/2: "guess" is only done where "risk" has failed, so what waits for it may never be reached. Wait for "risk", for which its result stands.',
    ],
  },
  {
    says: 'a fallback of two items',
    change: ['    inputs: { level: risk.level', '    fallback: guess\n    inputs: { level: risk.level'],
    told: [
      '40:15 /items/2/fallback: "guess" is named at /items/0/fallback already; an item is there for one failure.',
    ],
  },
  {
    says: 'a recovery that recovers itself',
    change: ['recovery: { items: [mend] }', 'recovery: { items: [mend, support] }'],
    told: ['78:31 /items/7/recovery/items/1: An item cannot help itself where it has failed.'],
  },
  {
    says: 'a recovery of one item for many candidates',
    change: ['recovery: { items: [mend] }', 'recovery: { items: [mend, each-file] }'],
    told: [
      '78:31 /items/7/recovery/items/1: "support" is there once per candidate, so "each-file" has to be for each of them.',
    ],
  },
  {
    says: 'an input of an unknown item',
    change: ['level: risk.level, depth', 'level: rsik.level, depth'],
    told: ['40:22 /items/2/inputs/level: There is no item "rsik"; did you mean "risk"?'],
  },
  {
    says: 'an input that the run has not',
    change: ['depth: input.depth }', 'depth: input.dept }'],
    told: ['40:41 /items/2/inputs/depth: The input has no "dept"; did you mean "depth"?'],
  },
  {
    says: 'an input that a result has not',
    change: ['inputs: { level: risk.level', 'inputs: { level: risk.levle'],
    told: ['40:22 /items/2/inputs/level: The result of "risk" has no "levle"; did you mean "level"?'],
  },
  {
    says: 'an input of an item that comes later',
    change: ['inputs: { level: risk.level', 'inputs: { level: each-file.files'],
    told: ['40:22 /items/2/inputs/level: "each-file" does not come before it; add it to depends_on.'],
  },
  {
    says: 'a list that is none',
    change: ['over: input.files', 'over: input.depth'],
    told: ['89:56 /items/9/work/over: It is declared as integer, and has to be a list.'],
  },
  {
    says: 'a condition that cannot be read',
    change: [
      "condition: risk.confidence > 0.8 AND risk.level == 'HIGH'",
      "condition: risk.confidence > 0.8 AND AND risk.level == 'HIGH'",
    ],
    told: ['39:42 /items/2/condition: Expected a condition after "AND" at character 27, not "AND".'],
  },
  {
    says: 'a condition in double quotes that cannot be read',
    change: [
      'condition: discovery.priority != "low"',
      'condition: "discovery.priority != \\"low\\" AND\\tdiscovery.kind = \'bug\'"',
    ],
    told: ['97:67 /consumers/0/condition: "=" at character 48 means nothing; equality is ==.'],
  },
  {
    says: 'a condition in single quotes over an unknown field',
    change: [
      "condition: NOT (risk.confidence > 0.8 AND risk.level == 'HIGH')",
      "condition: 'NOT (risk.confidence > 0.8 AND risk.level == ''HIGH'' AND risk.leve == 1)'",
    ],
    told: ['47:80 /items/3/condition: "risk" has no field "leve" at character 62; did you mean "level"?'],
  },
  {
    says: 'a condition over some lines',
    change: [
      "condition: risk.confidence > 0.8 AND risk.level == 'HIGH'",
      "condition: |\n      risk.confidence > 0.8\n      AND risk.levle == 'HIGH'",
    ],
    told: ['41:7 /items/2/condition: "risk" has no field "levle" at character 32; did you mean "level"?'],
  },
  {
    says: 'a condition over an unknown item',
    change: ['NOT (risk.confidence', 'NOT (rsk.confidence'],
    told: ['47:21 /items/3/condition: There are no facts of "rsk" at character 6; did you mean "risk"?'],
  },
  {
    says: 'a condition over an item that does not come before',
    change: ['condition: NOT (risk', "condition: each-file.status == 'completed' AND NOT (risk"],
    told: ['47:16 /items/3/condition: "each-file" does not come before it; add it to depends_on.'],
  },
  {
    says: 'a condition that compares a text with a number',
    change: ["AND risk.level == 'HIGH'\n    inputs", 'AND risk.level > 3\n    inputs'],
    told: [
      '39:42 /items/2/condition: "risk.level" is a text and 3 is a number at character 27; they have no common order.',
    ],
  },
  {
    says: 'a condition with a value that is not possible',
    change: ["AND risk.level == 'HIGH'\n    inputs", "AND risk.level == 'MEDIUM'\n    inputs"],
    told: [
      "39:56 /items/2/condition: \"risk.level\" is never 'MEDIUM' at character 41; it is one of 'HIGH', 'LOW'.",
    ],
  },
  {
    says: 'a condition that never holds',
    change: [
      "condition: NOT (risk.confidence > 0.8 AND risk.level == 'HIGH')",
      'condition: risk.confidence > 1',
    ],
    told: ['47:16 /items/3/condition: It never holds, so the item can never be reached.'],
  },
  {
    says: 'a condition over the result before it is there',
    change: ['condition: NOT (risk', 'condition: EXISTS result.x AND NOT (risk'],
    told: [
      '47:23 /items/3/condition: "result" is not known here: there are facts of the input and of items before it.',
    ],
  },
  {
    says: 'a condition over an item that is there once per candidate',
    change: [
      '    work: { kind: map, capability',
      '    depends_on: [improve]\n    condition: improve.accepted\n    work: { kind: map, capability',
    ],
    told: [
      '90:16 /items/9/condition: "improve" is there once per candidate, so it is not clear which is meant; an item that is for each of them can name it.',
    ],
  },
  {
    says: 'a criterion over an unknown field',
    change: ['expression: risk.confidence > 0.5', 'expression: risk.confidense > 0.5'],
    told: [
      '54:74 /items/4/work/criteria/0/expression: "risk" has no field "confidense" at character 6; did you mean "confidence"?',
    ],
  },
  {
    says: 'a criterion that never holds',
    change: ['expression: risk.confidence > 0.5', 'expression: risk.confidence > 5'],
    told: ['54:69 /items/4/work/criteria/0/expression: It never holds, so the checkpoint can never pass.'],
  },
  {
    says: 'warnings of a criterion that are counted by an unknown field',
    change: [
      'criteria: [{ id: known, says: The risk is known., expression: risk.confidence > 0.5 }]',
      'decides: matrix\n      criteria: [{ id: known, says: The risk is known., expression: risk.confidence > 0.5, counts: risk.doubts }]',
    ],
    told: [
      '55:105 /items/4/work/criteria/0/counts: "risk" has no field "doubts" at character 6; there are "level", "confidence", "found", "status", "accepted", "code".',
    ],
  },
  {
    says: 'warnings of a criterion that are counted by a text',
    change: [
      'criteria: [{ id: known, says: The risk is known., expression: risk.confidence > 0.5 }]',
      'decides: matrix\n      criteria: [{ id: known, says: The risk is known., expression: risk.confidence > 0.5, counts: risk.level }]',
    ],
    told: [
      '55:100 /items/4/work/criteria/0/counts: "risk.level" is a text and 0 is a number at character 1; they have no common order.',
    ],
  },
  {
    says: 'warnings of a critical criterion',
    change: [
      'criteria: [{ id: known, says: The risk is known., expression: risk.confidence > 0.5 }]',
      'decides: matrix\n      criteria: [{ id: tests, says: The risk is known., expression: risk.confidence > 0.5, counts: risk.confidence }]',
    ],
    told: ['55:100 /items/4/work/criteria/0/counts: It makes no warnings: "tests" is critical.'],
  },
  {
    says: 'warnings of a checkpoint that does not decide by the matrix',
    change: [
      'expression: risk.confidence > 0.5',
      'expression: risk.confidence > 0.5, counts: risk.confidence',
    ],
    told: [
      '54:100 /items/4/work/criteria/0/counts: It makes no warnings: the checkpoint does not decide by the matrix.',
    ],
  },
  {
    says: 'warnings that are counted by what is no fact',
    change: ['expression: risk.confidence > 0.5', 'expression: risk.confidence > 0.5, counts: three'],
    told: ['54:100 /items/4/work/criteria/0/counts: It is one fact, such as documentation.incomplete.'],
  },
  {
    says: 'a command that a checkpoint is done by',
    change: ['expression: result.passed }', 'command: npm test }'],
    told: [
      '56:40 /items/4/done/command: A checkpoint has no workspace to run a command in. Give an "expression" over its result instead.',
    ],
  },
  {
    says: 'a definition of done over another item',
    change: ['expression: EXISTS result.strategy', 'expression: EXISTS risk.level'],
    told: [
      '66:55 /items/5/done/expression: "risk" is not known here: there are facts of its result: "result.FIELD".',
    ],
  },
  {
    says: 'a definition of done over an unknown field',
    change: ['expression: EXISTS result.strategy', 'expression: EXISTS result.stratgy'],
    told: [
      '66:62 /items/5/done/expression: "result" has no field "stratgy" at character 15; did you mean "strategy"?',
    ],
  },
  {
    says: 'a review over an unknown field',
    change: ['    expects: candidate', "    review: { when: result.sumary == 'x' }\n    expects: candidate"],
    told: [
      '65:28 /items/5/review/when: "result" has no field "sumary" at character 8; there are "kind", "strategy", "tools", "changed", "left".',
    ],
  },
  {
    says: 'a consumer with the id of an item',
    change: ['- id: follow', '- id: gate'],
    told: ['92:9 /consumers/0/id: There is an item "gate".'],
  },
  {
    says: 'a consumer of an unknown category',
    change: [
      'consumes: { kind: discovery, category: research }',
      'consumes: { kind: discovery, category: reserach }',
    ],
    told: ['94:44 /consumers/0/consumes/category: There is no category "reserach"; did you mean "research"?'],
  },
  {
    says: 'a consumer of results that nobody makes',
    change: [
      'consumes: { kind: discovery, category: research }\n    category: research',
      'consumes: { kind: result, category: other }\n    category: research',
    ],
    told: [
      '94:41 /consumers/0/consumes/category: There is no category "other".',
      '97:16 /consumers/0/condition: "discovery" is not known here: there are facts of the input and of the result that it consumes.',
    ],
  },
  {
    says: 'a consumer over an unknown kind of discovery',
    change: ['discovery.priority != "low"', "discovery.priority == 'medium'"],
    told: [
      "97:38 /consumers/0/condition: \"discovery.priority\" is never 'medium' at character 23; it is one of 'low', 'normal', 'high', 'urgent', 'critical'.",
    ],
  },
  {
    says: 'a consumer that asks for an item that is not there',
    change: ['condition: discovery.priority != "low"', 'inputs: { level: rsk.level }'],
    told: ['97:22 /consumers/0/inputs/level: There is no item "rsk"; did you mean "risk"?'],
  },
  {
    says: 'a route into a category without a consumer',
    change: ['category: research }\n', 'category: analysis }\n'],
    told: [
      '100:69 /routes/0/category: No consumer takes up discoveries of the category "research", so what the route "security" leads there would never be done.',
    ],
  },
  {
    says: 'a route over a field that discoveries have not',
    change: ['when: discovery.kind ==', 'when: discovery.sort =='],
    told: [
      '100:39 /routes/0/when: "discovery" has no field "sort" at character 11; there are "description", "kind", "category", "priority", "done", "blockedBy", "tags", "visibility", "parameters".',
    ],
  },
];
