/** Whether a file is written in JavaScript or TypeScript, by its name. */
export const isSource = (file: string): boolean => /\.(?:[cm]?jsx?|[cm]?tsx?)$/.test(file);
