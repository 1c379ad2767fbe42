CREATE TABLE `wheels` (
	`sha256` text PRIMARY KEY NOT NULL,
	`filename` text NOT NULL,
	`size` integer NOT NULL,
	`url` text,
	`metadata_sha256` text
);
--> statement-breakpoint
CREATE INDEX `set_members_by_sha256` ON `set_members` (`sha256`);