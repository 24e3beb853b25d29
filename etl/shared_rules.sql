-- Rules that several marts share, each written here alone. They are temporary: the published file holds their results.

-- Which services are clinical hours.
create or replace temp macro is_clinical_service(service_type) as
  service_type not in ('mutual_help', 'transport', 'documentation', 'specimen_collection');

-- Which exits are dated by the discharge; all others by the last attended service.
create or replace temp macro is_exit_at_discharge(discharge_reason) as
  coalesce(discharge_reason in ('completed', 'transferred', 'died'), false);

create or replace temp macro age_group_of(age) as
  case when age >= 18 then 'adult' when age < 18 then 'adolescent' end;

-- Levels of care in their order: up is more care.
create or replace temp macro level_heights() as table
  select *
  from (
    values ('OP', 1), ('IOP', 2), ('PHP', 3), ('residential', 4), ('withdrawal', 4), ('inpatient', 5)
  ) as level (level_of_care, height);
