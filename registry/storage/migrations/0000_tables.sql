CREATE TABLE `pins` (
	`set_flag` text NOT NULL,
	`name` text NOT NULL,
	`version` text NOT NULL,
	`filename` text NOT NULL,
	`sha256` text NOT NULL,
	PRIMARY KEY(`set_flag`, `name`)
);
--> statement-breakpoint
CREATE INDEX `pins_by_name` ON `pins` (`name`);--> statement-breakpoint
CREATE INDEX `pins_by_sha256` ON `pins` (`sha256`);--> statement-breakpoint
CREATE TABLE `publications` (
	`revision` integer PRIMARY KEY NOT NULL,
	`day` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`digest` text NOT NULL,
	`index` text NOT NULL,
	`root` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `publications_root_unique` ON `publications` (`root`);--> statement-breakpoint
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
	`url` text
);
