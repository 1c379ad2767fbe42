/** The stylesheet of every page. */
import { answers } from './style/answers.ts';
import { base } from './style/base.ts';
import { forms } from './style/forms.ts';
import { pictures } from './style/pictures.ts';
import { tables } from './style/tables.ts';

export const stylesheet = [base, forms, answers, tables, pictures].join('');
