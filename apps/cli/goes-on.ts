/** What is said when somebody stops watching a run. */
export const goesOn = (run: string): string =>
  `The run goes on. See it again with \`heptad watch ${run}\`, end it with \`heptad cancel ${run}\`.`;
