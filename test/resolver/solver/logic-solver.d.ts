declare module 'logic-solver' {
  type Formula = string | object;
  interface Solver {
    require(...formulas: Formula[]): void;
    forbid(...formulas: Formula[]): void;
    solve(): { getTrueVars(): string[] } | null;
  }
  const Logic: {
    Solver: new () => Solver;
    or(formulas: Formula[]): Formula;
    and(...formulas: Formula[]): Formula;
    implies(a: Formula, b: Formula): Formula;
    atMostOne(formulas: Formula[]): Formula;
  };
  export default Logic;
}
