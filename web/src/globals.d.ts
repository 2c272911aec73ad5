declare module "*.css";

/** The texts of internal/web/examples in the order of their file names, put here by build.js. */
declare const EXAMPLES: string[];
