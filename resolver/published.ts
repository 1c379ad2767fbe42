/** Whether npm has this package. Until then nobody is told to run it by `npx`: the name `pinwheel` there is a stranger's. */
export const IS_PUBLISHED: boolean = false;
