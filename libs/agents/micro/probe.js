/** Input: names. Output: those of them by which a program could reach what is outside of it. */

// biome-ignore lint/correctness/noUnusedVariables: it is called by its name
function agent(names) {
  const makers = [() => agent.constructor, () => (() => 0).constructor, () => ({}).constructor.constructor];
  const made = makers.filter((maker) => typeof maker() === 'function').map((_, index) => `maker ${index}`);
  return { reached: [...names.filter((name) => name in globalThis), ...made] };
}
