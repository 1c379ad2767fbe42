-- A catalog has yanks from here on, and each entry of the log the digest of its catalog: the log begins anew.
DELETE FROM `package_counts`;--> statement-breakpoint
DELETE FROM `set_members`;--> statement-breakpoint
DELETE FROM `sets`;--> statement-breakpoint
DELETE FROM `package_locks`;--> statement-breakpoint
DELETE FROM `runtimes`;--> statement-breakpoint
DELETE FROM `flags`;--> statement-breakpoint
DELETE FROM `pythons`;--> statement-breakpoint
DELETE FROM `publications`;--> statement-breakpoint
CREATE TABLE `yanks` (
	`subject` text NOT NULL,
	`sha256` text,
	`reason` text NOT NULL,
	`from` text NOT NULL,
	`revision` integer NOT NULL,
	`withdrawn` integer,
	PRIMARY KEY(`subject`, `revision`)
);
