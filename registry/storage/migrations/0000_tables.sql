CREATE TABLE `flags` (
	`field` text NOT NULL,
	`ordinal` integer NOT NULL,
	`enable` text,
	`disable` text,
	`enable_date` text,
	`implied_by` text NOT NULL,
	`implied_date` text,
	`experimental` integer NOT NULL,
	`obsolete` integer NOT NULL,
	`release` integer NOT NULL,
	`revision` integer NOT NULL,
	`withdrawn` integer,
	PRIMARY KEY(`field`, `revision`)
);
--> statement-breakpoint
CREATE TABLE `package_locks` (
	`tag` text NOT NULL,
	`sha256` text NOT NULL,
	`revision` integer NOT NULL,
	`withdrawn` integer,
	PRIMARY KEY(`tag`, `revision`)
);
--> statement-breakpoint
CREATE TABLE `publications` (
	`revision` integer PRIMARY KEY NOT NULL,
	`published` text NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`document` text NOT NULL,
	`members` text,
	`catalog` text NOT NULL,
	`previous` text,
	`digest` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `publications_digest_unique` ON `publications` (`digest`);--> statement-breakpoint
CREATE TABLE `pythons` (
	`python` text NOT NULL,
	`first_release` text NOT NULL,
	`supported_until` text NOT NULL,
	`source` text NOT NULL,
	`revision` integer NOT NULL,
	`withdrawn` integer,
	PRIMARY KEY(`python`, `revision`)
);
--> statement-breakpoint
CREATE TABLE `runtimes` (
	`field` text NOT NULL,
	`id` text NOT NULL,
	`pyodide` text NOT NULL,
	`python` text NOT NULL,
	`abi` text NOT NULL,
	`platform` text NOT NULL,
	`workerd_bundle` text NOT NULL,
	`packages_tag` text,
	`revision` integer NOT NULL,
	`withdrawn` integer,
	PRIMARY KEY(`field`, `revision`)
);
--> statement-breakpoint
CREATE TABLE `set_members` (
	`set_flag` text NOT NULL,
	`name` text NOT NULL,
	`version` text NOT NULL,
	`kind` text NOT NULL,
	`filename` text NOT NULL,
	`url` text,
	`sha256` text NOT NULL,
	`size` integer,
	`patched_by` text,
	`place` integer NOT NULL,
	`proof` text NOT NULL,
	PRIMARY KEY(`set_flag`, `name`),
	FOREIGN KEY (`set_flag`) REFERENCES `sets`(`flag`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `set_members_by_name` ON `set_members` (`name`);--> statement-breakpoint
CREATE INDEX `set_members_by_sha256` ON `set_members` (`sha256`);--> statement-breakpoint
CREATE TABLE `sets` (
	`flag` text PRIMARY KEY NOT NULL,
	`python` text NOT NULL,
	`abi` text NOT NULL,
	`platform` text NOT NULL,
	`runtime` text NOT NULL,
	`released` text NOT NULL,
	`default_from` text,
	`source` text NOT NULL,
	`digest` text NOT NULL,
	`package_count` integer NOT NULL,
	`archive_count` integer NOT NULL,
	`revision` integer NOT NULL,
	`withdrawn` integer
);
--> statement-breakpoint
CREATE TABLE `tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`scopes` text NOT NULL,
	`created` text NOT NULL,
	`expires` text NOT NULL,
	`revoked` text,
	`last_used` text
);
--> statement-breakpoint
CREATE TABLE `trusted_publishers` (
	`id` text PRIMARY KEY NOT NULL,
	`issuer` text NOT NULL,
	`repository` text NOT NULL,
	`workflow` text NOT NULL,
	`scopes` text NOT NULL,
	`created` text NOT NULL,
	`revoked` text,
	`last_used` text
);
--> statement-breakpoint
CREATE TABLE `used_identities` (
	`hash` text PRIMARY KEY NOT NULL,
	`expires` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `wheels` (
	`sha256` text PRIMARY KEY NOT NULL,
	`filename` text NOT NULL,
	`size` integer NOT NULL,
	`url` text,
	`metadata_sha256` text,
	`seal` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `yanks` (
	`subject` text NOT NULL,
	`sha256` text,
	`reason` text NOT NULL,
	`from` text NOT NULL,
	`revision` integer NOT NULL,
	`withdrawn` integer,
	PRIMARY KEY(`subject`, `revision`)
);
