//! The plain upload form: for browsers without JavaScript, and shown again after a refused upload.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::api;
use crate::components::{ErrorView, Field, FormAlert};
use crate::forms::{FormOutcome, IDEMPOTENCY_KEY, REASON, form_outcome};
use crate::loading::loaded;
use crate::model::{REASON_LIMIT, VersionFilter};
use crate::package::{refused_package, refused_report};
use crate::paths;
use crate::resource::page_data;

#[component]
pub fn NewVersionPage() -> impl IntoView {
    let outcome = StoredValue::new(form_outcome());
    let report = StoredValue::new(refused_report());
    let params = use_params_map();
    let id = move || params.with(|params| params.get("runtime").unwrap_or_default());
    let runtime = page_data(id, |id| async move {
        let runtime = api::get_runtime(id, VersionFilter::default()).await?;
        Ok((runtime.runtime, api::get_idempotency_key().await?))
    });
    view! {
        <Title text="Add version" />
        <main id="main" class="page narrow">
            <Suspense>
                {move || Suspend::new(async move {
                    let outcome = outcome.get_value();
                    match runtime.await {
                        Ok((runtime, idempotency_key)) => view! { <UploadForm id=runtime.id name=runtime.name outcome report=report.get_value() idempotency_key /> }.into_any(),
                        Err(error) => view! { <ErrorView error /> }.into_any(),
                    }
                })}
            </Suspense>
        </main>
    }
}

#[component]
fn UploadForm(
    id: String,
    name: String,
    outcome: FormOutcome,
    report: Option<String>,
    idempotency_key: String,
) -> impl IntoView {
    let wrong = |field: &str| Signal::stored(outcome.field_error(field));
    let (package_wrong, reason_wrong) = (wrong("package"), wrong(REASON));
    let idempotency_key = outcome.value(IDEMPOTENCY_KEY).map_or(idempotency_key, str::to_owned);
    let file = outcome.value("package").unwrap_or("the package").to_owned();
    let report = report.map(|report| loaded(move || refused_package(file.clone(), report.clone())));
    let general = outcome.error.clone().filter(|error| error.fields.is_empty());
    view! {
        <header class="title">
            <div>
                <h1>"Add version"</h1>
                <p class="quiet">
                    "to runtime " <a href=paths::runtime(&id)>{name}</a>
                </p>
            </div>
        </header>
        {report}
        <form class="card stacked" method="post" enctype="multipart/form-data" action=paths::new_version(&id)>
            <Field name="reason" label="Reason" hint="Recorded in the audit log. If empty, the name of the uploaded file is recorded." limit=REASON_LIMIT error=reason_wrong>
                <input id="field-reason" name=REASON value=outcome.typed(REASON) aria-describedby="hint-reason error-reason" />
            </Field>
            <input type="hidden" name=IDEMPOTENCY_KEY value=idempotency_key />
            <Field name="package" label="KRT package" hint="A .krt file: a gzip-compressed tar archive with krt.yml at its root. The console checks the package before storing it." error=package_wrong>
                <input id="field-package" name="package" type="file" accept=".krt,.tgz,.gz,application/gzip" required aria-describedby="hint-package error-package" />
            </Field>
            <FormAlert error=general />
            <div class="buttons">
                <button class="primary" type="submit">
                    "Upload version"
                </button>
                <a class="button" href=paths::runtime(&id)>
                    "Cancel"
                </a>
            </div>
        </form>
    }
}
