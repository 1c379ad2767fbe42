/** Where lines go: answers to standard output, and what is said about them to standard error. */
import type { Complaint } from '../failure.ts';
import { complaintLines, diagnosticLines, type Remark } from './remarks.ts';
import { screenOf } from './screen.ts';

export function print(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

export function printRemarks(remarks: readonly Remark[]): void {
  printAside(diagnosticLines(remarks, screenOf(process.stderr)));
}

export function printComplaints(complaints: readonly Complaint[]): void {
  printAside(complaintLines(complaints, screenOf(process.stderr)));
}

function printAside(lines: readonly string[]): void {
  if (lines.length > 0) process.stderr.write(lines.map((line) => `${line}\n`).join(''));
}
