import type { StartRun } from '../../libs/contracts/request.js';

/** What the bytes of the package must be, whatever a registry answers. */
const integrity =
  'sha512-hK3tEqj0pP7UF5UHKNiRvm3zCaYk7UI4EBJ6wwN5O2qX1WdSovmqvUHEbNOJuglXzVkk/H0r7vgst3mVcQXrPA==';

/** The request of `heptad demo`: a published package that carries its own tests, which need two packages more. */
export const demoRequest: StartRun = {
  template: 'repository-review',
  input: {
    subject: `npm:ejs@1.0.0#${integrity}`,
    test: {
      command: 'mocha --require should --reporter dot test/ejs.js',
      tools: { mocha: '10.8.2', should: '3.3.2' },
    },
  },
};
