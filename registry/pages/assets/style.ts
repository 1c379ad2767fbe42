/** The stylesheet of every page. */
import { answers } from './style/answers.ts';
import { base } from './style/base.ts';
import { dateBar } from './style/date-bar.ts';
import { forced } from './style/forced.ts';
import { forms } from './style/forms.ts';
import { matrix } from './style/matrix.ts';
import { pictures } from './style/pictures.ts';
import { print } from './style/print.ts';
import { tables } from './style/tables.ts';
import { tabs } from './style/tabs.ts';

const parts = [base, forms, answers, tables, tabs, pictures, matrix, dateBar, forced, print];

export const stylesheet = parts.join('');
