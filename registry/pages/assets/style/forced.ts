/** Forced colours: lines replace colours that have a meaning, and pictures use the system's colours. */
export const forced = `
@media (forced-colors: active) {
  .tabs > input:checked + label { outline: 2px solid Highlight; outline-offset: -2px; }
  .site nav a[aria-current] { text-decoration: underline; }
  .matrix .today .tag { border: 1px solid; }
  .matrix tbody td:nth-child(n), .verdict { border: 1px solid; }
  .picture :is(rect, .dot) { fill: Canvas; stroke: CanvasText; }
  .picture text[class], .picture text { fill: CanvasText; }
  .picture :is(.axis, .now, .run) { stroke: CanvasText; }
  .picture .halo { stroke: Canvas; }
  .picture .dot.chosen { fill: Highlight; }
  .picture .absent, .mark { fill: CanvasText; }
}
`;
