/** Whether a file is written in JavaScript or TypeScript, by its name. */
export const isSource = (file: string): boolean => /\.(?:[cm]?jsx?|[cm]?tsx?)$/.test(file);

/** Whether a file only declares the types of another. */
export const isDeclaration = (file: string): boolean => /\.d\.[cm]?ts$/.test(file);
