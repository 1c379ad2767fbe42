/** The text of a `.txt` file as a module, as in esbuild, wrangler and vite's Workers plugin. */
declare module '*.txt' {
  const text: string;
  export default text;
}
