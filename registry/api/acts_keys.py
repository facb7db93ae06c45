"""密钥办理入口 acts on the keys that sign notices."""

from registry.actions.vouching import keeping, revoking
from registry.api.acting import Act, on, plain
from registry.domain.vouching import SigningKey

KEYS: tuple[Act, ...] = (
    Act(path="/signing-keys", act="key.make", zh="制作签名密钥", en="Make a signing key",
        make=plain(keeping.make), answers=SigningKey, module=keeping, creates="signing-keys",
        versioned=False),
    Act(path="/signing-keys/{id}/retire", act="key.retire", zh="停用签名密钥",
        en="Put a signing key aside", make=on(keeping.retire), command=keeping.RetireCommand,
        answers=SigningKey, module=keeping),
    Act(path="/signing-keys/{id}/revoke", act="key.revoke", zh="吊销签名密钥，通知书重新签发",
        en="Revoke a signing key and issue its notices anew", make=on(revoking.revoke),
        command=keeping.RevokeCommand, answers=SigningKey, module=keeping),
)  # fmt: skip
