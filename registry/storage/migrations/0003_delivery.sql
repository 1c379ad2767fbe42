CREATE TABLE `package_locks` (
	`tag` text NOT NULL,
	`sha256` text NOT NULL,
	`revision` integer NOT NULL,
	`withdrawn` integer,
	PRIMARY KEY(`tag`, `revision`)
);
--> statement-breakpoint
ALTER TABLE `sets` ADD `archive_count` integer DEFAULT 0 NOT NULL;