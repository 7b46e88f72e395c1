use serde_json::{json, Value};

const EXAMPLE: &str = r#"{"label": "owner"}"#;

/// The label that every object needs, or what is wrong with the settings.
fn label_of(settings: &Value) -> Result<&str, String> {
    let members = settings
        .as_object()
        .ok_or_else(|| format!("settings must look like {EXAMPLE}"))?;
    // A misspelt setting should not be ignored.
    if let Some(unknown) = members.keys().find(|name| *name != "label") {
        return Err(format!("settings.{unknown} is unknown: settings look like {EXAMPLE}"));
    }
    match settings["label"].as_str() {
        Some(label) if !label.is_empty() => Ok(label),
        _ => Err(format!("settings.label is empty: name a label, as in {EXAMPLE}")),
    }
}

pub fn validate_settings(input: &str) -> Value {
    let settings: Value = match serde_json::from_str(input) {
        Ok(settings) => settings,
        Err(e) => return json!({"valid": false, "message": format!("settings are no JSON: {e}")}),
    };
    match label_of(&settings) {
        Ok(_) => json!({"valid": true}),
        Err(problem) => json!({"valid": false, "message": problem}),
    }
}

pub fn validate(input: &str) -> Result<Value, String> {
    let payload: Value =
        serde_json::from_str(input).map_err(|e| format!("cannot read the request: {e}"))?;
    let label = label_of(&payload["settings"])?;
    let request = &payload["request"];
    let object = &request["object"];
    // DELETE has no object.
    let labelled = object["metadata"]["labels"][label].as_str().map_or(false, |v| !v.is_empty());
    if object.is_null() || labelled {
        return Ok(json!({"accepted": true}));
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    Ok(json!({
        "accepted": false,
        "code": 403,
        "message": format!(
            "{} {:?} in namespace {:?} needs the label {label:?}",
            text(&request["kind"]["kind"]),
            text(&request["name"]),
            text(&request["namespace"]),
        ),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(request: &str) -> Value {
        validate(&format!(r#"{{"request": {request}, "settings": {{"label": "owner"}}}}"#)).unwrap()
    }

    #[test]
    fn pods_need_the_label() {
        assert_eq!(judge(include_str!("../requests/accept.json")), json!({"accepted": true}));
        let refusal = judge(include_str!("../requests/reject.json"));
        assert_eq!(refusal["accepted"], json!(false));
        assert!(refusal["message"].as_str().unwrap().contains("needs the label \"owner\""));
    }

    #[test]
    fn bad_settings_are_refused() {
        for bad in ["{}", r#"{"label": ""}"#, r#"{"lable": "owner"}"#, "[]", "no JSON"] {
            assert_eq!(validate_settings(bad)["valid"], json!(false), "{bad}");
        }
        assert_eq!(validate_settings(include_str!("../settings/good.json"))["valid"], json!(true));
    }
}
