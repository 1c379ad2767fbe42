/** A module that is the text of a file, as esbuild, wrangler and vite's Workers plugin have it for `.txt`. */
declare module '*.txt' {
  const text: string;
  export default text;
}
