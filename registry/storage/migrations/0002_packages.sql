CREATE TABLE `package_counts` (
	`name` text NOT NULL,
	`revision` integer NOT NULL,
	`set_count` integer NOT NULL,
	`version_count` integer NOT NULL,
	`newest` text NOT NULL,
	PRIMARY KEY(`name`, `revision`)
);
--> statement-breakpoint
CREATE INDEX `packages` ON `package_counts` (`name`,`revision`) WHERE "package_counts"."set_count" = 1;--> statement-breakpoint
DROP INDEX `set_members_by_name`;--> statement-breakpoint
CREATE INDEX `set_members_by_version` ON `set_members` (`name`,`version`);--> statement-breakpoint
INSERT INTO `package_counts` (`name`, `revision`, `set_count`, `version_count`, `newest`)
SELECT `name`, `revision`, count(*) OVER earlier, sum(`is_first`) OVER earlier, max(`newest`) OVER earlier
FROM (
	SELECT `name`, `revision`, `released` || ' ' || `flag` AS `newest`,
		row_number() OVER (PARTITION BY `name`, `version` ORDER BY `revision`) = 1 AS `is_first`
	FROM `set_members` INNER JOIN `sets` ON `flag` = `set_flag`
)
WINDOW earlier AS (PARTITION BY `name` ORDER BY `revision`);
