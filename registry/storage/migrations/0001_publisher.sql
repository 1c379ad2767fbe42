ALTER TABLE `publications` ADD `publisher` text;--> statement-breakpoint
ALTER TABLE `trusted_publishers` ADD `repository_id` text;--> statement-breakpoint
ALTER TABLE `trusted_publishers` ADD `environment` text;