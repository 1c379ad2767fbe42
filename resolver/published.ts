/** Whether npm has this package. Until then nobody is told to run it by `npx`: the name `pinwheel` there is a stranger's. */
export const IS_PUBLISHED: boolean = false;

/** The command, as who has only npm can run it once that has the package. */
export const COMMAND = IS_PUBLISHED ? 'npx pinwheel-py' : 'pinwheel';
