declare module 'npm-package-arg' {
  /** What a name and a specifier stand for. */
  interface Result {
    readonly type: 'git' | 'tag' | 'version' | 'range' | 'file' | 'directory' | 'remote' | 'alias';
    /** Of an alias: what it stands for. */
    readonly subSpec?: Result;
  }
  const npa: {
    /** Throws where npm refuses the name or the specifier. */
    resolve(name: string, specifier: string): Result;
  };
  export default npa;
}
