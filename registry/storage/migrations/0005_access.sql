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
