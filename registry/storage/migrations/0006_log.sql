-- The log has another form from here on, in which each entry vouches for all facts: it begins anew.
DELETE FROM `package_counts`;--> statement-breakpoint
DELETE FROM `set_members`;--> statement-breakpoint
DELETE FROM `sets`;--> statement-breakpoint
DELETE FROM `package_locks`;--> statement-breakpoint
DELETE FROM `runtimes`;--> statement-breakpoint
DELETE FROM `flags`;--> statement-breakpoint
DELETE FROM `pythons`;--> statement-breakpoint
DELETE FROM `publications`;--> statement-breakpoint
ALTER TABLE `publications` ADD `members` text;--> statement-breakpoint
ALTER TABLE `publications` ADD `catalog` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `set_members` ADD `place` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `set_members` ADD `proof` text DEFAULT '' NOT NULL;
